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

/** WebSocket's "try again later" (IANA registry of close codes). */
export const CLOSE_TRY_LATER = 1013;
/** What came is against the rules of this protocol (RFC 6455, 7.4.1). */
export const CLOSE_POLICY = 1008;
