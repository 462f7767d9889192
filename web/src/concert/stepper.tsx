// A small number that is made larger or smaller.
interface Props {
  value: number;
  least: number;
  most: number;
  /** What is counted, for those who do not see it. */
  label: string;
  fewer: string;
  more: string;
  onChange: (value: number) => void;
}

export function Stepper({ value, least, most, label, fewer, more, onChange }: Props) {
  return (
    <div class="stepper" role="group" aria-label={label}>
      <button type="button" aria-label={fewer} disabled={value <= least} onClick={() => onChange(value - 1)}>
        −
      </button>
      <output aria-live="polite">{value}</output>
      <button type="button" aria-label={more} disabled={value >= most} onClick={() => onChange(value + 1)}>
        +
      </button>
    </div>
  );
}
