// A native addon cannot be bundled.
export default { serverExternalPackages: ['rails-session'] }
