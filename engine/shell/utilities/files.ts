// Programs about files in memory, and about the names of paths (GNU coreutils).

import type { Bytes } from '../../base/rpc'
import type { Started, Utility } from './utility'
import { inputsOf, readOptions, usageFault } from './utility'

export const cat: Utility = {
  start(args) {
    const { options, rest, problem } = readOptions(args, 'nbsvetuAE', '', {})
    if (problem !== null) return usageFault('cat', problem)
    return { state: { numbers: options.has('n'), line: 1, isStart: true }, inputs: inputsOf(rest) }
  },
  take(state, bytes) {
    if (state.numbers !== true) return { stdout: bytes }
    let stdout = ''
    for (const piece of bytes.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
      if (state.isStart === true) stdout += `${String(state.line).padStart(6)}\t`
      stdout += piece
      state.isStart = piece.endsWith('\n')
      if (state.isStart === true) state.line = Number(state.line) + 1
    }
    return { stdout }
  },
  end: (state) => ({ exit: state.failed === true ? 1 : 0 }),
}

export const tee: Utility = {
  start(args, { files }) {
    const { options, rest, problem } = readOptions(args, 'aip', '', { append: 'a' })
    if (problem !== null) return usageFault('tee', problem)
    for (const path of rest) files.write(path, '', options.has('a'))
    return { state: { paths: rest } }
  },
  take(state, bytes, { files }) {
    for (const path of state.paths as Bytes[]) files.write(path, bytes, true)
    return { stdout: bytes }
  },
  end: () => ({ exit: 0 }),
}

export const rm: Utility = {
  start(args, { files }) {
    const { options, rest, problem } = readOptions(args, 'frRiv', '', {
      force: 'f',
      recursive: 'r',
    })
    if (problem !== null) return usageFault('rm', problem)
    const isForced = options.has('f')
    if (rest.length === 0) return isForced ? { exit: 0 } : usageFault('rm', 'missing operand')
    let stderr = ''
    for (const path of rest) {
      const kind = files.kind(path)
      if (kind === null) {
        if (!isForced) stderr += `rm: cannot remove '${path}': No such file or directory\n`
      } else if (kind !== 'directory') files.remove(path)
      else if (!options.has('r') && !options.has('R'))
        stderr += `rm: cannot remove '${path}': Is a directory\n`
      else {
        const whole = files.absolute(path)
        for (const each of files.list())
          if (each === whole || each.startsWith(`${whole}/`)) files.remove(each)
      }
    }
    return { stderr, exit: stderr === '' ? 0 : 1 }
  },
}

export const touch: Utility = {
  start(args, { files }) {
    for (const path of args.filter((word) => !word.startsWith('-')))
      if (files.kind(path) === null) files.write(path, '', true)
    return { exit: 0 }
  },
}

export const mkdir: Utility = {
  start(args, { files }) {
    const { options, rest, problem } = readOptions(args, 'pv', 'm', { parents: 'p', mode: 'm' })
    if (problem !== null) return usageFault('mkdir', problem)
    if (rest.length === 0) return usageFault('mkdir', 'missing operand')
    let stderr = ''
    for (const path of rest) {
      if (files.kind(path) !== null) {
        if (!options.has('p')) stderr += `mkdir: cannot create directory ‘${path}’: File exists\n`
        continue
      }
      if (!options.has('p')) {
        files.makeDirectory(path)
        continue
      }
      const names = files.absolute(path).split('/')
      for (let i = 2; i <= names.length; i++) {
        const each = names.slice(0, i).join('/')
        if (files.kind(each) === null) files.makeDirectory(each)
      }
    }
    return { stderr, exit: stderr === '' ? 0 : 1 }
  },
}

export const mkfifo: Utility = {
  start(args, { files }) {
    const { rest, problem } = readOptions(args, '', 'm', { mode: 'm' })
    if (problem !== null) return usageFault('mkfifo', problem)
    if (rest.length === 0) return usageFault('mkfifo', 'missing operand')
    let stderr = ''
    for (const path of rest) {
      if (files.kind(path) !== null) stderr += `mkfifo: cannot create fifo '${path}': File exists\n`
      else files.makeFifo(path)
    }
    return { stderr, exit: stderr === '' ? 0 : 1 }
  },
}

export const ls: Utility = {
  start(args, { files }) {
    const { options, rest, problem } = readOptions(args, '1aAlhrtd', '', {})
    if (problem !== null) return { ...usageFault('ls', problem), exit: 2 }
    let stdout = ''
    let stderr = ''
    for (const path of rest.length === 0 ? ['.'] : rest) {
      const kind = files.kind(path)
      if (kind === null) stderr += `ls: cannot access '${path}': No such file or directory\n`
      else if (kind !== 'directory' || options.has('d')) stdout += `${path}\n`
      else {
        const prefix = `${files.absolute(path)}/`.replace('//', '/')
        const names = new Set<Bytes>()
        for (const each of files.list())
          if (each.startsWith(prefix)) names.add(each.slice(prefix.length).split('/')[0]!)
        const shown = [...names].filter((name) => options.has('a') || !name.startsWith('.'))
        stdout += shown
          .sort()
          .map((name) => `${name}\n`)
          .join('')
      }
    }
    return { stdout, stderr, exit: stderr === '' ? 0 : 2 }
  },
}

/** `basename PATH [SUFFIX]`. */
export const basename: Utility = {
  start([path, suffix = '']): Started {
    if (path === undefined) return usageFault('basename', 'missing operand')
    const bare = path.replace(/(?!^)\/+$/, '')
    const name = bare === '/' ? bare : bare.slice(bare.lastIndexOf('/') + 1)
    const cut = suffix !== '' && name !== suffix && name.endsWith(suffix)
    return { stdout: `${cut ? name.slice(0, -suffix.length) : name}\n`, exit: 0 }
  },
}

export const dirname: Utility = {
  start([path]): Started {
    if (path === undefined) return usageFault('dirname', 'missing operand')
    const bare = path.replace(/(?!^)\/+$/, '')
    const at = bare.lastIndexOf('/')
    const name = at < 0 ? '.' : at === 0 ? '/' : bare.slice(0, at).replace(/(?!^)\/+$/, '')
    return { stdout: `${name}\n`, exit: 0 }
  },
}
