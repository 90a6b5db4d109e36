/** Whether bytes start as Marshal (04 08) or ActiveSupport::MessagePack (CC 80) does, whose lengths count bytes. */
export function countsBytes(bytes: Uint8Array): boolean {
  const [first, second] = bytes
  return (first === 0x04 && second === 0x08) || (first === 0xcc && second === 0x80)
}
