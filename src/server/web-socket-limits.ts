/**
 * What every WebSocket server here bounds beside the size of a message: a flood of tiny pieces, compression (which costs
 * memory for each client), and the time that a client has to say goodbye too.
 */
export const WEB_SOCKET_LIMITS = {
  maxFragments: 8,
  maxBufferedChunks: 256,
  perMessageDeflate: false,
  clientTracking: false,
  closeTimeout: 1000,
} as const;

/** Longest reason of a close (RFC 6455, 5.5). */
const LONGEST_REASON_BYTES = 123;

/** As much of a sentence as the reason of a close may be: whole characters. */
export function closeReason(sentence: string): string {
  let shown = sentence;
  while (Buffer.byteLength(shown) > LONGEST_REASON_BYTES) shown = shown.slice(0, -1);
  return shown;
}

/** WebSocket's "try again later" (IANA registry of close codes). */
export const CLOSE_TRY_LATER = 1013;
/** What came is against the rules of this protocol (RFC 6455, 7.4.1). */
export const CLOSE_POLICY = 1008;
