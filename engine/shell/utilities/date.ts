// GNU date on virtual time. The clock of a run has no calendar: its zero is shown as a fixed day,
// in UTC, so that a script prints the same each time.

import type { Bytes } from '../../base/rpc'
import type { Utility } from './utility'
import { readOptions, usageFault } from './utility'

/** 2024-01-01 00:00:00 UTC, a Monday, in seconds since 1970. */
const START_SECONDS = 1_704_067_200
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS =
  'January February March April May June July August September October November December'.split(' ')

export const date: Utility = {
  start(args, { now }) {
    const { options, rest, problem } = readOptions(args, 'uRI', 'd', {
      utc: 'u',
      universal: 'u',
      date: 'd',
      'iso-8601': 'I',
      rfc_email: 'R',
    })
    if (problem !== null) return usageFault('date', problem)
    const asked = options.get('d')
    const ms =
      typeof asked === 'string' && /^@\d+$/.test(asked)
        ? Number(asked.slice(1)) * 1000
        : START_SECONDS * 1000 + now
    if (typeof asked === 'string' && !/^@\d+$|^now$/.test(asked))
      return { stderr: `date: not modelled here: --date ‘${asked}’\n`, exit: 1 }
    const format = rest.find((word) => word.startsWith('+'))?.slice(1)
    const shown = options.has('I') ? '%Y-%m-%d' : (format ?? '%a %b %e %H:%M:%S UTC %Y')
    return { stdout: `${formatted(ms, shown)}\n`, exit: 0 }
  },
}

/** A day number since 1970-01-01 as year, month and day (Howard Hinnant's civil_from_days). */
function civil(days: number): { year: number; month: number; day: number } {
  const z = days + 719_468
  const era = Math.floor(z / 146_097)
  const doe = z - era * 146_097
  const yoe = Math.floor(
    (doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365,
  )
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100))
  const mp = Math.floor((5 * doy + 2) / 153)
  const month = mp < 10 ? mp + 3 : mp - 9
  return {
    year: yoe + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: doy - Math.floor((153 * mp + 2) / 5) + 1,
  }
}

function formatted(ms: number, format: Bytes): Bytes {
  const seconds = Math.floor(ms / 1000)
  const days = Math.floor(seconds / 86_400)
  const { year, month, day } = civil(days)
  const ofDay = seconds - days * 86_400
  const two = (n: number, pad = '0') => String(n).padStart(2, pad)
  const [hour, minute, second] = [Math.floor(ofDay / 3600), Math.floor(ofDay / 60) % 60, ofDay % 60]
  const weekday = (days + 4) % 7
  const milliseconds = ms - seconds * 1000
  const one = (letter: string): string | null => {
    switch (letter) {
      case 'Y':
        return String(year)
      case 'y':
        return two(year % 100)
      case 'm':
        return two(month)
      case 'd':
        return two(day)
      case 'e':
        return two(day, ' ')
      case 'H':
        return two(hour)
      case 'I':
        return two(hour % 12 || 12)
      case 'M':
        return two(minute)
      case 'S':
        return two(second)
      case 'p':
        return hour < 12 ? 'AM' : 'PM'
      case 's':
        return String(seconds)
      case 'N':
        return String(Math.floor(milliseconds)).padStart(3, '0').padEnd(9, '0')
      case 'F':
        return `${year}-${two(month)}-${two(day)}`
      case 'T':
        return `${two(hour)}:${two(minute)}:${two(second)}`
      case 'R':
        return `${two(hour)}:${two(minute)}`
      case 'D':
        return `${two(month)}/${two(day)}/${two(year % 100)}`
      case 'a':
        return DAYS[weekday]!.slice(0, 3)
      case 'A':
        return DAYS[weekday]!
      case 'b':
      case 'h':
        return MONTHS[month - 1]!.slice(0, 3)
      case 'B':
        return MONTHS[month - 1]!
      case 'u':
        return String(weekday === 0 ? 7 : weekday)
      case 'w':
        return String(weekday)
      case 'Z':
        return 'UTC'
      case 'z':
        return '+0000'
      case 'n':
        return '\n'
      case 't':
        return '\t'
      case '%':
        return '%'
      default:
        return null
    }
  }
  return format.replace(
    /%(-|3)?([a-zA-Z%])/g,
    (whole, flag: string | undefined, letter: string) => {
      const text = one(letter)
      if (text === null) return whole
      if (flag === '-') return text.replace(/^[0 ](?=.)/, '')
      return flag === '3' && letter === 'N' ? text.slice(0, 3) : text
    },
  )
}
