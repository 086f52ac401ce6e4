const { defineConfig } = require('eslint/config');
const lwc = require('@salesforce/eslint-config-lwc/recommended');
const jest = require('eslint-plugin-jest');

module.exports = defineConfig([
    { files: ['**/lwc/**/*.js'], extends: [lwc] },
    {
        files: ['**/lwc/**/__tests__/*.js'],
        languageOptions: { globals: { ...jest.environments.globals.globals, require: 'readonly' } },
        rules: { '@lwc/lwc/no-unexpected-wire-adapter-usages': 'off' }
    }
]);
