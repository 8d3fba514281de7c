/** Stays free on the disk, for the state and the log, whatever people keep on it. */
export const SPARE_BYTES = 200_000_000;

/** What statfs(2) tells of a file system. */
export interface DiskRoom {
  readonly bavail: number;
  readonly bsize: number;
}

/** Why so many bytes more cannot be kept, as the beginning of a sentence; undefined when they can. */
export function roomProblem({ bavail, bsize }: DiskRoom, bytes: number): string | undefined {
  const leftBytes = bavail * bsize - bytes;
  if (leftBytes >= SPARE_BYTES) return undefined;
  const megabytes = (count: number): string => `${Math.ceil(count / 1e6)} MB`;
  return `There is no room for ${megabytes(bytes)} on the disk of the box, where ${megabytes(bavail * bsize)} are free and ${megabytes(SPARE_BYTES)} must stay so`;
}
