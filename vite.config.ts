import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const port = Number(process.env.PORT || 4173)

export default defineConfig({
  // Relative addresses: dist/ works from any path of any server.
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  build: { target: 'es2023' },
  preview: { host: '127.0.0.1', port, strictPort: true },
  test: { include: ['engine/**/*.test.ts', 'app/**/*.test.ts'], environment: 'node' },
})
