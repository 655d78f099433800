/**
 * A voucher for the reference agent, and the root of those who may sign one. The keys are thrown away: nobody can make another voucher that holds
 * under this root, and a new one comes with a new root. Device and option stand in it in clear; it is good from 2020 to 2120.
 */

/** What the agent is told by `--voucher-ca`. */
export const VOUCHER_ROOT = `-----BEGIN CERTIFICATE-----
MIIBsDCCAVegAwIBAgIQVn13+Ah1Kw7zvCj6KRVCOTAKBggqhkjOPQQDAjAnMSUw
IwYDVQQDDBxNYWtlciBvZiB0aGUgcmVmZXJlbmNlIGFnZW50MCAXDTAwMDEwMTAw
MDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAnMSUwIwYDVQQDDBxNYWtlciBvZiB0aGUg
cmVmZXJlbmNlIGFnZW50MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEJNVM3ZnV
q3kJO4Xcgp39yLl9dJxjeBIOSCgHsuhuuQuf2074f8UCUXqHSwQb2zRjIE04P2tn
EmRjUVQHrNMeN6NjMGEwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAQYw
HQYDVR0OBBYEFFHFfBCJ743aJgf0EAPCqj0HT/OWMB8GA1UdIwQYMBaAFFHFfBCJ
743aJgf0EAPCqj0HT/OWMAoGCCqGSM49BAMCA0cAMEQCID9X4lmvTIJwDXpVwrUz
ohvyB+J/RmHYs0th6Uh1EEcgAiALPEZbciU7kmIugdUdju6j0aJeW1gGPtFtvU4q
VL7/DQ==
-----END CERTIFICATE-----
`

/** The option that the voucher enables. */
export const VOUCHER_OPTION = 'Conformance'

export const VOUCHER = `<?xml version="1.0"?>
<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo>
<CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"></CanonicalizationMethod>
<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"></SignatureMethod>
<Reference URI="#option0"><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></DigestMethod>
<DigestValue>Cwqc7gB08FGhJfDM+WTe49LDH+ayVI0Gpq5mY0mNxEQ=</DigestValue></Reference>
</SignedInfo>
<SignatureValue>7QZ3Ykeegh1ZdFEgkJP3iJ5+gs7+W5PfPY1Q0kyhnycPfzSRKwd/7FiBqUUpY6pZgHckWaOxTcrh1zbkk8HzPQ==</SignatureValue>
<KeyInfo><X509Data><X509Certificate>
MIIBsTCCAVegAwIBAgIQcX3EhJ0PuMsrLfaaLEa66jAKBggqhkjOPQQDAjAnMSUw
IwYDVQQDDBxNYWtlciBvZiB0aGUgcmVmZXJlbmNlIGFnZW50MCAXDTAwMDEwMTAw
MDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAqMSgwJgYDVQQDDB9Wb3VjaGVycyBvZiB0
aGUgcmVmZXJlbmNlIGFnZW50MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAED4H6
vYgCCoUXIdun64U96/Q33dZ1vOGCMYHcypHPbeHU4TN4Dv9uOwftGfLnT4+1weFJ
aUDG5XnT7SdrshF50aNgMF4wDAYDVR0TAQH/BAIwADAOBgNVHQ8BAf8EBAMCBaAw
HQYDVR0OBBYEFF5Tey92eoO+TrydZoU7D0OkZtnqMB8GA1UdIwQYMBaAFFHFfBCJ
743aJgf0EAPCqj0HT/OWMAoGCCqGSM49BAMCA0gAMEUCIQD3VHiQAMoNnKgb6RH/
PTlLTLQtZ61RVeL6aWeuiKOs7wIgJnYy2kggCl2I2iHKrxswuYq4IKe4k0tv5Tej
g3CriBM=
</X509Certificate></X509Data></KeyInfo>
<Object><Option Id="option0">
<VSerialNum>1</VSerialNum>
<DeviceId><Manufacturer>cwmp-conformance</Manufacturer><OUI>00D09E</OUI><ProductClass>ReferenceCPE</ProductClass><SerialNumber>000000000001</SerialNumber></DeviceId>
<OptionIdent>Conformance</OptionIdent><OptionDesc>An option for tests</OptionDesc>
<StartDate>20200101T00:00:00</StartDate><Mode>EnableWithoutExpiration</Mode><Transferable>No</Transferable>
</Option></Object>
</Signature>
`
