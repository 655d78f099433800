/** What the values of the notification attribute mean (TR-069 A.3.2.4): 3 to 6 came with CWMP 1.4. */

/** Whether an Inform tells the change: passive, active, and the two that are passive besides lightweight. */
export function isToldInInform(notification: number): boolean {
  return notification === 1 || notification === 2 || notification === 4 || notification === 6
}

/** Whether the change asks for a session of its own. */
export function opensSession(notification: number): boolean {
  return notification === 2
}

/** Whether a lightweight notification tells the change. */
export function isToldLightweight(notification: number): boolean {
  return notification >= 3
}

/** Whether a lightweight notification is sent for the change at once. */
export function isSentAtOnce(notification: number): boolean {
  return notification === 5 || notification === 6
}
