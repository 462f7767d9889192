// How many concerts fit side by side.
import { useEffect, useState } from "preact/hooks";

export function columnsIn(width: number): number {
  if (width >= 1_100) return 3;
  return width >= 700 ? 2 : 1;
}

export function useColumns(): number {
  const [columns, setColumns] = useState(() => columnsIn(innerWidth));
  useEffect(() => {
    const measure = () => setColumns(columnsIn(innerWidth));
    addEventListener("resize", measure);
    return () => removeEventListener("resize", measure);
  }, []);
  return columns;
}
