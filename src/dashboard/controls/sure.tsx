import { useState } from "preact/hooks";

interface SureProps {
  readonly label: string;
  /** What is lost by it. */
  readonly question: string;
  readonly class?: string;
  readonly isDisabled?: boolean;
  readonly onSure: () => void;
}

interface QuestionProps {
  readonly question: string;
  readonly action: string;
  readonly onNo: () => void;
  readonly onYes: () => void;
}

/** Says what an action takes away, with the way back before the way on: a second touch at the same place loses nothing. */
export function Question({ question, action, onNo, onYes }: QuestionProps) {
  return (
    <div class="sure" role="group" aria-label={action}>
      <p role="alert">{question}</p>
      <div class="actions">
        <button type="button" class="plain" onClick={onNo}>Cancel</button>
        <button type="button" class="danger" onClick={onYes}>{action}</button>
      </div>
    </div>
  );
}

/** A button that asks before it does what cannot be undone. */
export function Sure({ label, question, class: className = "danger", isDisabled = false, onSure }: SureProps) {
  const [isAsked, setAsked] = useState(false);
  if (isAsked) return <Question question={question} action={label} onNo={() => setAsked(false)} onYes={onSure} />;
  return <button type="button" class={className} disabled={isDisabled} onClick={() => setAsked(true)}>{label}</button>;
}
