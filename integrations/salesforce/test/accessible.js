// Gives the tests of components toBeAccessible().
const { registerSa11yMatcher } = require('@sa11y/jest');

registerSa11yMatcher();
