/** Public face of vouchers/. */
export { type OptionStatus, Vouchers } from './service.ts'
