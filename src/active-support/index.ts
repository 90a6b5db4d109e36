/** ActiveSupport's message classes and key generator, and Rack's cookie parser: what Rails' cookies are made of. */
export { KeyGenerator, type KeyGeneratorOptions } from '../keys/key-generator.ts'
export { parseCookies } from '../cookies/cookie-header.ts'
export { type DecryptedFile, EncryptedFile, type EncryptedFileOptions } from './encrypted-file.ts'
export { MessageEncryptor, type MessageEncryptorOptions } from './message-encryptor.ts'
export type { MessageMetadata, MessageOptions } from './message-options.ts'
export type { MessageSerializerName } from './message-serializer.ts'
export { MessageVerifier, type MessageVerifierOptions } from './message-verifier.ts'
