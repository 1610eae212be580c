// What a flawed copy of the engine is bundled from.

export { fuzz } from '../../fuzz/fuzz'
export { checkRecording } from '../../replay/check-recording'
