import type { Verdict } from '../verdict.ts'
import { html, Markup } from './markup.ts'

/** The short name of a verdict in classes and icon ids. */
export function slug(verdict: Verdict): string {
  return verdict === 'N/A' ? 'na' : verdict.toLowerCase()
}

// Drawn on a 16 × 16 grid with round strokes. Each differs in shape, so that nobody has to tell red from green.
const SHAPES: { readonly [V in Verdict]: string } = {
  PASS: '<path d="M3.5 8.5l3 3 6-7"/>',
  FAIL: '<path d="M4 4l8 8M12 4l-8 8"/>',
  WARN: '<path d="M8 3v6.2M8 12.4v.1"/>',
  'N/A': '<path d="M4 8h8"/>',
  UNTESTABLE: '<path d="M5.4 6a2.6 2.6 0 1 1 3.8 2.3C8.3 8.8 8 9.2 8 9.9M8 12.7v.1"/>',
  WAIVED: '<path d="M8 2.5l4.5 1.8v3.4c0 3-2 4.9-4.5 5.8-2.5-.9-4.5-2.8-4.5-5.8V4.3z"/>',
  STALE: '<path d="M4.5 3h7M4.5 13h7M5.3 3c0 4.2 5.4 5.8 5.4 10M10.7 3c0 4.2-5.4 5.8-5.4 10"/>',
  ERROR: '<path d="M9 2L4.5 8.8h3.3L7 14l4.5-6.8H8.2z"/>',
}

/** The icons as symbols, once per page; `icon` refers to them. */
export function iconSheet(): Markup {
  const symbols = Object.entries(SHAPES).map(
    ([verdict, shape]) =>
      html`<symbol id="icon-${slug(verdict as Verdict)}" viewBox="0 0 16 16">${new Markup(shape)}</symbol>`,
  )
  return html`<svg class="sheet" width="0" height="0" aria-hidden="true">${symbols}</svg>`
}

export function icon(verdict: Verdict): Markup {
  return html`<svg class="icon" aria-hidden="true"><use href="#icon-${slug(verdict)}"/></svg>`
}

/** A verdict as icon and word. */
export function badge(verdict: Verdict): Markup {
  return html`<span class="badge v-${slug(verdict)}">${icon(verdict)}${verdict}</span>`
}
