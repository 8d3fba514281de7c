import type { ComponentChildren } from "preact";

function Icon({ children }: { readonly children: ComponentChildren }) {
  return (
    <svg viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"
      stroke-linejoin="round" aria-hidden="true">{children}</svg>
  );
}

export const Minus = () => <Icon><path d="M6 12h12" /></Icon>;
export const Plus = () => <Icon><path d="M6 12h12M12 6v12" /></Icon>;
export const Undo = () => <Icon><path d="M8 5 4 9l4 4" /><path d="M4 9h10a6 6 0 0 1 0 12h-3" /></Icon>;
export const Redo = () => <Icon><path d="m16 5 4 4-4 4" /><path d="M20 9H10a6 6 0 0 0 0 12h3" /></Icon>;
export const Power = () => <Icon><path d="M12 3v9" /><path d="M6.3 7a8 8 0 1 0 11.4 0" /></Icon>;
export const Next = () => <Icon><path d="m9 5 7 7-7 7" /></Icon>;
export const Back = () => <Icon><path d="m15 5-7 7 7 7" /></Icon>;
export const Up = () => <Icon><path d="m5 15 7-7 7 7" /></Icon>;
export const Down = () => <Icon><path d="m5 9 7 7 7-7" /></Icon>;
export const Close = () => <Icon><path d="M6 6l12 12M18 6 6 18" /></Icon>;
export const Play = () => <Icon><path d="M8 5v14l11-7z" fill="currentColor" /></Icon>;
export const Pause = () => <Icon><path d="M8 5v14M16 5v14" stroke-width="4" /></Icon>;
export const More = () => <Icon><path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="3.5" /></Icon>;
export const MetersIcon = () => <Icon><path d="M5 20v-8M10 20V6M15 20v-5M20 20V9" stroke-width="3" /></Icon>;
export const ChainIcon = () => <Icon><path d="M3 7h6M15 7h6M3 17h10M19 17h2" /><circle cx="12" cy="7" r="3" /><circle cx="16" cy="17" r="3" /></Icon>;
export const EarsIcon = () => <Icon><path d="M6 10a6 6 0 1 1 12 0c0 4-3.5 4.5-3.5 8a3 3 0 0 1-5.5 1.5" /><path d="M9.5 10a2.5 2.5 0 0 1 5 0c0 1.5-1.5 1.7-1.5 3.5" /></Icon>;
export const CompareIcon = () => <Icon><rect x="3" y="6" width="18" height="12" rx="6" /><circle cx="9" cy="12" r="3" fill="currentColor" /></Icon>;
export const BoxIcon = () => <Icon><rect x="3" y="6" width="18" height="12" rx="2" /><circle cx="8" cy="12" r="2" /><path d="M14 12h4" /></Icon>;
