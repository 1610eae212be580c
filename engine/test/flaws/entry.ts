// The entry point for the bundle of a flawed engine.

export { fuzz } from '../../fuzz/fuzz'
export { checkRecording } from '../../replay/check-recording'
