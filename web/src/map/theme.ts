// The page's colours, for what is drawn by hand.
import { css, settled, type Rgb } from "./colour";

export interface Theme {
  dark: boolean;
  ground: Rgb;
  /** What the map lies on. */
  sunken: Rgb;
  raised: Rgb;
  ink: Rgb;
  quiet: Rgb;
  line: Rgb;
  strong: Rgb;
  accent: Rgb;
  onAccent: Rgb;
  /** Of each price category. */
  categories: Rgb[];
  font: string;
}

/** The colours as they are where an element stands. */
export function themeAt(element: Element, categoryColours: readonly string[]): Theme {
  const probe = document.createElement("span");
  element.append(probe);
  const read = (name: string): Rgb => {
    probe.style.color = `var(--${name})`;
    const [red = 0, green = 0, blue = 0] = getComputedStyle(probe).color.match(/[\d.]+/g)?.map(Number) ?? [];
    return [red, green, blue];
  };
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const theme = {
    dark,
    ground: read("ground"),
    sunken: read("sunken"),
    raised: read("raised"),
    ink: read("ink"),
    quiet: read("quiet"),
    line: read("line"),
    strong: read("line-strong"),
    accent: read("accent"),
    onAccent: read("on-accent"),
    categories: categoryColours.map((hex) => settled(hex, dark)),
    font: getComputedStyle(element).fontFamily,
  };
  probe.remove();
  return theme;
}

/** A category's colour for the page's own elements. */
export function categoryCss(hex: string, dark: boolean): string {
  return css(settled(hex, dark));
}
