import { describe, test } from 'vitest'
import { checkModel } from './model-check'

describe('the engine and the model give the same answers', () => {
  // More of them: MODEL_RUNS=5000 MODEL_SEED=7 npx vitest run engine/test/model.test.ts
  const seed = Number(process.env.MODEL_SEED ?? 1)
  const runs = Number(process.env.MODEL_RUNS ?? 600)
  test(`${runs} runs from seed ${seed}`, () => checkModel(seed, runs), 3_600_000)
})
