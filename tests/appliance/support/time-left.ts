/** Why what needs so many seconds cannot begin in what is left of the time of all, or undefined where it can. */
export function whyNoTime(leftS: number, neededS: number): string | undefined {
  return leftS < neededS ? `${Math.max(0, Math.round(leftS))} s are left of LACQUER_APPLIANCE_S, and these tests may need ${neededS} s` : undefined;
}
