/** The layers that are answered; what is in others counts as unsupported. */
export const LAYERS_IN_SCOPE: readonly string[] = [
  'cookies',
  'app',
  'cross',
  'messages',
  'keys',
  'headers',
  'json',
  'marshal',
  'marshal_rails',
  'message_pack',
  'credentials',
  'csrf',
  'session_lifecycle',
]
