#pragma once

#include <string_view>

/// Public test keys: from the RFCs, or made for these tests.
namespace breakwater::crypto::test {

inline constexpr std::string_view rfc7515_hmac_jwk =
    R"({"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"})";

inline constexpr std::string_view rfc7515_ec_jwk =
    R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
    R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"})";
inline constexpr std::string_view rfc7515_ec_public_jwk =
    R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
    R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})";

inline constexpr std::string_view rfc8037_jwk =
    R"({"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",)"
    R"("x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
inline constexpr std::string_view rfc8037_public_jwk =
    R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";

/// The output of `openssl ecparam -name prime256v1 -genkey`, with the parameters first.
inline constexpr std::string_view ec_private_pem = R"(-----BEGIN EC PARAMETERS-----
BggqhkjOPQMBBw==
-----END EC PARAMETERS-----
-----BEGIN EC PRIVATE KEY-----
MHcCAQEEILfegF1hAOqGqjtnmlAr7ziTNwNjk5sjhjfhwzuFMqsVoAoGCCqGSM49
AwEHoUQDQgAE3akbtxakicIHnVQn9KWx0C0GI5fnIIDJ5ao+oqLRDxXPtMPkB3So
ioe7uXBSzMvqpwfIpw9yPVWbNZhRLFgTmQ==
-----END EC PRIVATE KEY-----
)";
inline constexpr std::string_view ec_public_pem = R"(-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE3akbtxakicIHnVQn9KWx0C0GI5fn
IIDJ5ao+oqLRDxXPtMPkB3Soioe7uXBSzMvqpwfIpw9yPVWbNZhRLFgTmQ==
-----END PUBLIC KEY-----
)";
/// The same private key with the passphrase "x".
inline constexpr std::string_view ec_encrypted_pem = R"(-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgBeZMCQPvGvAICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEBZfQCpxGN01bd7nf2KiZPoEgZD2
pyURkCGQcilG8ASVTAcNSKLgKXHWYFMvs91/ryA9+kvaww0efDLhDDs10kA/sNct
C+OOPgTthV4fUPH6bvOgGVHxgS8g9mLbzMz2I5yXg+tYBIj9XWiM0QUdaAGAvarZ
6urPRpYUQNKpHWm7M7ISmwbuYLeS8/n1ThAJFkyAAXTVHs50cNze7FyMqreT6O0=
-----END ENCRYPTED PRIVATE KEY-----
)";
inline constexpr std::string_view p384_public_pem = R"(-----BEGIN PUBLIC KEY-----
MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAExHkwzfjePOUNDQo44px+eUXo4xWWCG3N
tiCA0henoEbqXyNRHKYMTRu+gTVS0Qj60kDTU7Yj8niobDXHh8YL4oxnglySw2kz
80w6Ryn3QLcexHc8YMSSqTRd3D/nlDat
-----END PUBLIC KEY-----
)";
inline constexpr std::string_view secp256k1_public_pem = R"(-----BEGIN PUBLIC KEY-----
MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEzBYp0ukntBzg+uH1DbMqff55AaWkr4Fq
0imNRMfnxkryB4TmpQVabZM1Bvg2jrOQ5m8LFqobJiKW3cc4fVZGiw==
-----END PUBLIC KEY-----
)";

inline constexpr std::string_view ed25519_private_pem = R"(-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIFkoHoDEpJxwaPJyWzKGtoPXkB+CXmS5FmNfOP23fNLw
-----END PRIVATE KEY-----
)";
inline constexpr std::string_view ed25519_public_pem = R"(-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAE6V2iSrIJswqnEoFBY2dZ8Wd1989vE2iVtHjPRe0R3M=
-----END PUBLIC KEY-----
)";

} // namespace breakwater::crypto::test
