/** The part of the WebAssembly JavaScript interface that the engine uses; Node's type package leaves it out. */
declare namespace WebAssembly {
  interface Module {
    readonly [Symbol.toStringTag]: string;
  }
  interface Memory {
    readonly buffer: SharedArrayBuffer;
  }
  interface Instance {
    readonly exports: object;
  }
  const Module: new (bytes: Uint8Array) => Module;
  const Memory: new (options: { initial: number; maximum: number; shared: boolean }) => Memory;
  const Instance: new (module: Module, imports: object) => Instance;
}
