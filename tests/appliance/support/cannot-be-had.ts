/** The machine cannot be had here, for a reason that is nobody's fault; the message says it, for people. */
export class CannotBeHad extends Error {
  override readonly name = "CannotBeHad";
}
