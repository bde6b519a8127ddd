/** The version of the product, as every output names it. A test holds it to package.json. */
export const version = '0.1.0';
