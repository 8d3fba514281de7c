import { findKoffi, findLibrary } from "./koffi.js";

/** Flags of open(2), the same on all architectures that Node runs on. */
export const O_RDONLY = 0;
export const O_RDWR = 2;
export const O_CLOEXEC = 0x80000;

/** Calls of the system on device files: 0 or a file descriptor, or -1 with `errno`. */
export interface DeviceFiles {
  open(path: string, flags: number): number;
  ioctl(fd: number, request: number, argument: Uint8Array): number;
  close(fd: number): number;
  errno(): number;
}

/**
 * The system's own calls; undefined where `koffi` is not installed. open(2) and ioctl(2) are declared with the arguments
 * that are passed: the calling conventions of Linux pass them as if they were not variable in number.
 */
export function systemFiles(): DeviceFiles | undefined {
  const koffi = findKoffi();
  const libc = findLibrary("libc.so.6");
  if (koffi === undefined || libc === undefined) return undefined;
  return {
    open: libc.func("int open(const char *path, int flags)"),
    ioctl: libc.func("int ioctl(int fd, unsigned long request, void *argument)"),
    close: libc.func("int close(int fd)"),
    errno: () => koffi.errno(),
  };
}
