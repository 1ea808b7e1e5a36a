import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

export default defineConfig([
  globalIgnores([
    'dist/',
    'coverage/',
    'reference/',
    'api/',
    'src/generated/',
    'test/adapters/',
    'test/queues/',
  ]),
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    // Not `projectService`, which builds all once more for a file that begins with #!.
    languageOptions: { parserOptions: { project: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'Name what is exported.' },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      // Numbers read well in messages.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `async` on a function that only returns keeps its failures rejections.
      '@typescript-eslint/require-await': 'off',
      // There is no enum (erasableSyntaxOnly), and to look for one takes a tenth of the time of all rules.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  // Rules are typed by their tables.
  {
    files: ['src/**/{options,rules,validate}.ts'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
  // Their types come from packages that only `npm test -- platforms` and the like install.
  {
    files: ['test/platforms/**', 'bench/callers/**'],
    extends: [tseslint.configs.disableTypeChecked],
  },
  {
    files: ['scripts/**', 'bench/**', 'test/platforms/runtimes/programs/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/platforms/runtimes/programs/**', 'bench/callers/**'],
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/no-require-imports': 'off',
    },
  },
])
