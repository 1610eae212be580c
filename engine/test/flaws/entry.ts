// What a flawed copy of the engine is bundled from.

export { checkRecording } from '../../replay/check-recording'
export { fuzz } from '../fuzz'
