// The page's title in the browser's tab.
import { useEffect } from "preact/hooks";

import { text } from "../text/en";

export function useTitle(title: string | null | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · ${text.site}` : text.site;
  }, [title]);
}
