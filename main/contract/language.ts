/** The languages of screen, voice and paper, as BCP 47 tags, in the order in which they are offered. */
export const languages = ['zh-Hans', 'zh-Hant', 'en'] as const;

export type Language = (typeof languages)[number];
