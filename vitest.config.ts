import type { ViteUserConfig } from 'vitest/config'

const config: ViteUserConfig = {
  test: {
    include: ['__test__/**/*.test.ts'],
    // Threads share one process; forks let a test judge exit codes, memory and warnings of its own process.
    pool: 'forks',
    testTimeout: 60_000,
  },
}

export default config
