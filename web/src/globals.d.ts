/** What a build for measuring leaves out; see `vite.config.ts`. All are false on the real site. */
declare const __WITHOUT_CACHE__: boolean;
declare const __WITHOUT_VIRTUAL__: boolean;
declare const __WITHOUT_FORMATS__: boolean;
