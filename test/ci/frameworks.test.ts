import { expect, it } from 'vitest'
import { withNewest } from '../../scripts/ci/newest-frameworks.ts'
import { reportFrameworks } from '../../scripts/ci/report-frameworks.ts'
import { copyOfRepository } from '../scripts/repository.ts'
import { runnerIn, runnerOf } from './fake-runner.ts'
import { playGitHub } from './played-github.ts'

it('the newest version of a framework is asked for, but of one that is named for its major version the newest of that', () => {
  const devDependencies = { ai6: 'npm:ai@6.0.325', genkit: '1.42.0' }
  expect(withNewest({ name: 'a', devDependencies })).toEqual({
    name: 'a',
    devDependencies: { ai6: 'npm:ai@6', genkit: 'latest' },
  })
})

it('adapters that fail with the newest frameworks have one open issue, until they pass', async () => {
  const github = await playGitHub()
  const { step } = runnerIn(copyOfRepository(), runnerOf(github.url))
  const issuesAfter = async (outcome: string): Promise<string[]> => {
    expect(await reportFrameworks(step({ CHECK_OUTCOME: outcome }))).toBe(0)
    return github.issues.map(({ state }) => state)
  }
  expect(await issuesAfter('success')).toEqual([])
  expect(await issuesAfter('failure')).toEqual(['open'])
  expect(await issuesAfter('failure')).toEqual(['open'])
  expect(await issuesAfter('success')).toEqual(['closed'])
  expect(await issuesAfter('failure')).toEqual(['closed', 'open'])
})
