// SPDX-License-Identifier: Apache-2.0
#include "support/quic.hpp"

#include <openssl/evp.h>

#include <stdexcept>

#include "dissect/quic_initial.hpp"

namespace tapwarden::test {

namespace {

Octets be16(size_t value) {
  return {static_cast<uint8_t>(value >> 8), static_cast<uint8_t>(value)};
}
Octets u8(size_t value) { return {static_cast<uint8_t>(value)}; }
/// A number in the form of two octets (RFC 9000, section 16).
Octets variable(size_t value) { return be16(0x4000 | value); }

Octets encrypted(const EVP_CIPHER* cipher, const uint8_t* key, const uint8_t* iv,
                 const Octets& header, const Octets& plain, size_t tag_size) {
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  Octets out(plain.size() + tag_size);
  int size = 0;
  bool ok = EVP_EncryptInit_ex(context, cipher, nullptr, key, iv) == 1;
  if (!header.empty()) {
    ok = ok && EVP_EncryptUpdate(context, nullptr, &size, header.data(),
                                 static_cast<int>(header.size())) == 1;
  }
  ok = ok && EVP_EncryptUpdate(context, out.data(), &size, plain.data(),
                               static_cast<int>(plain.size())) == 1;
  if (tag_size != 0) {
    ok = ok && EVP_EncryptFinal_ex(context, out.data() + plain.size(), &size) == 1 &&
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag_size),
                             out.data() + plain.size()) == 1;
  }
  EVP_CIPHER_CTX_free(context);
  if (!ok) throw std::runtime_error("OpenSSL cannot seal");
  return out;
}

}  // namespace

const Octets& quic_example() {
  static const Octets example = hex(R"(
c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11d242b123dc9bd8bab936b47d92ec356c0bab7df5976d27cd449f63
300099f3991c260ec4c60d17b31f8429157bb35a1282a643a8d2262cad67500cadb8e7378c8eb7539ec4d4905fed1bee1fc8aafba17c750e2c7ace
01e6005f80fcb7df621230c83711b39343fa028cea7f7fb5ff89eac2308249a02252155e2347b63d58c5457afd84d05dfffdb20392844ae8121546
82e9cf012f9021a6f0be17ddd0c2084dce25ff9b06cde535d0f920a2db1bf362c23e596d11a4f5a6cf3948838a3aec4e15daf8500a6ef69ec4e3fe
b6b1d98e610ac8b7ec3faf6ad760b7bad1db4ba3485e8a94dc250ae3fdb41ed15fb6a8e5eba0fc3dd60bc8e30c5c4287e53805db059ae0648db2f6
4264ed5e39be2e20d82df566da8dd5998ccabdae053060ae6c7b4378e846d29f37ed7b4ea9ec5d82e7961b7f25a9323851f681d582363aa5f89937
f5a67258bf63ad6f1a0b1d96dbd4faddfcefc5266ba6611722395c906556be52afe3f565636ad1b17d508b73d8743eeb524be22b3dcbc2c7468d54
119c7468449a13d8e3b95811a198f3491de3e7fe942b330407abf82a4ed7c1b311663ac69890f4157015853d91e923037c227a33cdd5ec281ca3f7
9c44546b9d90ca00f064c99e3dd97911d39fe9c5d0b23a229a234cb36186c4819e8b9c5927726632291d6a418211cc2962e20fe47feb3edf330f2c
603a9d48c0fcb5699dbfe5896425c5bac4aee82e57a85aaf4e2513e4f05796b07ba2ee47d80506f8d2c25e50fd14de71e6c418559302f939b0e1ab
d576f279c4b2e0feb85c1f28ff18f58891ffef132eef2fa09346aee33c28eb130ff28f5b766953334113211996d20011a198e3fc433f9f2541010a
e17c1bf202580f6047472fb36857fe843b19f5984009ddc324044e847a4f4a0ab34f719595de37252d6235365e9b84392b061085349d73203a4a13
e96f5432ec0fd4a1ee65accdd5e3904df54c1da510b0ff20dcc0c77fcb2c0e0eb605cb0504db87632cf3d8b4dae6e705769d1de354270123cb1145
0efc60ac47683d7b8d0f811365565fd98c4c8eb936bcab8d069fc33bd801b03adea2e1fbc5aa463d08ca19896d2bf59a071b851e6c239052172f29
6bfb5e72404790a2181014f3b94a4e97d117b438130368cc39dbb2d198065ae3986547926cd2162f40a29f0c3c8745c0f50fba3852e566d44575c2
9d39a03f0cda721984b6f440591f355e12d439ff150aab7613499dbd49adabc8676eef023b15b65bfc5ca06948109f23f350db82123535eb8a7433
bdabcb909271a6ecbcb58b936a88cd4e8f2e6ff5800175f113253d8fa9ca8885c2f552e657dc603f252e1a8e308f76f0be79e2fb8f5d5fbbe2e30e
cadd220723c8c0aea8078cdfcb3868263ff8f0940054da48781893a7e49ad5aff4af300cd804a6b6279ab3ff3afb64491c85194aab760d58a60665
4f9f4400e8b38591356fbf6425aca26dc85244259ff2b19c41b9f96f3ca9ec1dde434da7d2d392b905ddf3d1f9af93d1af5950bd493f5aa731b405
6df31bd267b6b90a079831aaf579be0a39013137aac6d404f518cfd46840647e78bfe706ca4cf5e9c5453e9f7cfd2b8b4c8d169a44e55c88d4a9a7
f9474241e221af44860018ab0856972e194cd934)");
  return example;
}

Octets quic_example_hello() {
  return hex(R"(
010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c00000413011302010000c000000010000e00000b6578
616d706c652e636f6dff01000100000a00080006001d0017001800100007000504616c706e000500050100000000003300260024001d00209370b2c9
caa47fbabaf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b0003020304000d0010000e0403050306030203080408050806002d000201
01001c00024001003900320408ffffffffffffffff05048000ffff07048000ffff0801100104800075300901100f088394c8f03e51570806048000ff
ff)");
}

Octets sealed(const QuicPacket& packet) {
  const QuicVersion* version = quic_version(packet.version);
  if (version == nullptr) throw std::invalid_argument("no such version");
  InitialKeys keys(*version, Bytes(packet.connection_id));
  Octets plain = packet.frames;
  if (plain.size() < 4) plain.resize(4);
  Octets number = be16(packet.number >> 16) + be16(packet.number & 0xffff);
  Octets header = u8(packet.first) + be16(packet.version >> 16) + be16(packet.version & 0xffff) +
                  u8(packet.connection_id.size()) + packet.connection_id + u8(0) +
                  variable(packet.token.size()) + packet.token + variable(4 + plain.size() + 16) +
                  number;
  auto nonce = keys.iv;
  for (size_t i = 0; i < 4; ++i) nonce[8 + i] = static_cast<uint8_t>(nonce[8 + i] ^ number[i]);
  Octets body = encrypted(EVP_aes_128_gcm(), keys.key.data(), nonce.data(), header, plain, 16);
  Octets sample(body.begin(), body.begin() + 16);
  Octets mask = encrypted(EVP_aes_128_ecb(), keys.header_key.data(), nullptr, {}, sample, 0);
  header[0] = static_cast<uint8_t>(header[0] ^ (mask[0] & 0x0f));
  for (size_t i = 0; i < 4; ++i) {
    uint8_t& octet = header[header.size() - 4 + i];
    octet = static_cast<uint8_t>(octet ^ mask[1 + i]);
  }
  return header + body;
}

Octets crypto_frame(size_t offset, const Octets& octets) {
  return u8(6) + variable(offset) + variable(octets.size()) + octets;
}

Octets crypto_part(const Octets& octets, size_t begin, size_t end) {
  auto at = [&](size_t place) { return octets.begin() + static_cast<std::ptrdiff_t>(place); };
  return crypto_frame(begin, Octets(at(begin), at(end)));
}

}  // namespace tapwarden::test
