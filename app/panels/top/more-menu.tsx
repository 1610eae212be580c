import type { Prefs } from '../../store/prefs'
import { useApp, usePrefs } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { Menu } from '../parts/menu'

const nextTheme: Record<Prefs['theme'], Prefs['theme']> = {
  system: 'light',
  light: 'dark',
  dark: 'system',
}

/**
 * Commands for occasional use: the library, start over, the reader's own run, the theme, the keys.
 */
export function MoreMenu() {
  const { commands, prefs, sharing, ui } = useApp()
  const theme = usePrefs((state) => state.theme)
  const items = [
    { word: 'Lessons and stories', line: 'L', onChoose: () => commands.openLibrary() },
    { word: 'Start over', line: '', onChoose: () => sharing.startOver() },
    ...[1, 3, 5, 7].map((members) => ({
      word: `My run: ${members} ${members === 1 ? 'member' : 'members'}`,
      line: '',
      onChoose: () => commands.openCluster(members),
    })),
    {
      word: `Theme: ${theme}. Change to ${nextTheme[theme]}`,
      line: '',
      onChoose: () => prefs.setState({ theme: nextTheme[theme] }),
    },
    { word: 'Present', line: 'P', onChoose: () => ui.setState({ present: true }) },
    { word: 'Help and keys', line: '?', onChoose: () => ui.setState({ help: true }) },
  ]
  return <Menu name="More" className="icon-button" button={<Icon name="more" />} items={items} />
}
