// SPDX-License-Identifier: Apache-2.0
#include "dissect/quic_initial.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

#include "dissect/digest.hpp"

namespace tapwarden {

namespace {

using Secret = std::array<uint8_t, Sha256::size>;

constexpr size_t kTagSize = 16;
constexpr size_t kSampleAt = 4;  // behind the start of the packet number
constexpr size_t kNumberMax = 4;

constexpr QuicVersion kFirst{{0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
                              0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a}};
constexpr QuicVersion kSecond{{0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
                               0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9},
                              true};
constexpr QuicVersion kDraft29{{0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97,
                                0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99}};
constexpr QuicVersion kDraft23{{0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7,
                                0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02}};
constexpr QuicVersion kDraft21{{0x7f, 0xbc, 0xdb, 0x0e, 0x7c, 0x66, 0xbb, 0xe9, 0x19, 0x3a,
                                0x96, 0xcd, 0x21, 0x51, 0x9e, 0xbd, 0x7a, 0x02, 0x64, 0x4a}};
constexpr QuicVersion kT050{{0x7f, 0xf5, 0x79, 0xe5, 0xac, 0xd0, 0x72, 0x91, 0x55, 0x80,
                             0x30, 0x4c, 0x43, 0xa2, 0x36, 0x7c, 0x60, 0x48, 0x83, 0x10}};
constexpr QuicVersion kT051{{0x7a, 0x4e, 0xde, 0xf4, 0xe7, 0xcc, 0xee, 0x5f, 0xa4, 0x50,
                             0x6c, 0x19, 0x12, 0x4f, 0xc8, 0xcc, 0xda, 0x6e, 0x03, 0x3d}};

Secret hmac(Bytes key, Bytes first, Bytes second = {}) {  // RFC 2104; no key here is longer
  std::array<uint8_t, Sha256::block_size> inner, outer;
  inner.fill(0x36);
  outer.fill(0x5c);
  for (size_t i = 0; i < key.size(); ++i) {
    inner[i] ^= key[i];
    outer[i] ^= key[i];
  }
  Secret hashed = Sha256().add(inner).add(first).add(second).digest();
  return Sha256().add(outer).add(hashed).digest();
}

/// HKDF-Expand-Label (RFC 8446, section 7.1) of at most one digest.
template <size_t Size>
std::array<uint8_t, Size> expand(const Secret& secret, std::string_view label) {
  static constexpr std::string_view prefix = "tls13 ";
  std::array<uint8_t, 32> info;
  uint8_t* end = info.data();
  *end++ = 0;
  *end++ = Size;
  *end++ = static_cast<uint8_t>(prefix.size() + label.size());
  end = std::ranges::copy(prefix, end).out;
  end = std::ranges::copy(label, end).out;
  *end++ = 0;  // no context
  *end++ = 1;  // the first block
  Secret block = hmac(secret, Bytes(info.data(), end));
  std::array<uint8_t, Size> key;
  std::copy_n(block.begin(), Size, key.begin());
  return key;
}

/// Made once in each thread: to give one a new key allocates nothing.
struct Ciphers {
  struct Free {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
  };
  using Context = std::unique_ptr<EVP_CIPHER_CTX, Free>;

  Context block{EVP_CIPHER_CTX_new()};
  Context packet{EVP_CIPHER_CTX_new()};
  bool ok = block && packet &&
            EVP_EncryptInit_ex(block.get(), EVP_aes_128_ecb(), nullptr, nullptr, nullptr) == 1 &&
            EVP_DecryptInit_ex(packet.get(), EVP_aes_128_gcm(), nullptr, nullptr, nullptr) == 1;
};

Ciphers& ciphers() {
  thread_local Ciphers one;
  return one;
}

/// What the first octet and the packet number are masked with (RFC 9001, section 5.4.3).
bool header_mask(EVP_CIPHER_CTX* block, const InitialKeys& keys, Bytes sample,
                 std::array<uint8_t, 16>& mask) {
  int size = 0;
  return EVP_EncryptInit_ex(block, nullptr, nullptr, keys.header_key.data(), nullptr) == 1 &&
         EVP_EncryptUpdate(block, mask.data(), &size, sample.data(), 16) == 1 && size == 16;
}

}  // namespace

const QuicVersion* quic_version(uint32_t number) {
  switch (number) {
    case 0x00000001:
      return &kFirst;
    case 0x6b3343cf:
      return &kSecond;
    case 0xfaceb001:  // of mvfst, after draft 22
      return &kDraft21;
    case 0xfaceb002:  // after draft 27
    case 0xfaceb00e:
      return &kDraft23;
    case 0x54303530:  // "T050", "T051": Google's with TLS
      return &kT050;
    case 0x54303531:
      return &kT051;
    default:
      break;
  }
  if (number >> 8 != 0xff0000) return nullptr;
  uint32_t draft = number & 0xff;
  if (draft < 21 || draft > 34) return nullptr;
  return draft >= 33 ? &kFirst : draft >= 29 ? &kDraft29 : draft >= 23 ? &kDraft23 : &kDraft21;
}

InitialKeys::InitialKeys(const QuicVersion& version, Bytes connection_id) {
  Secret common = hmac(version.salt, connection_id);
  Secret client = expand<Sha256::size>(common, "client in");
  bool is_second = version.is_second;
  key = expand<16>(client, is_second ? "quicv2 key" : "quic key");
  iv = expand<12>(client, is_second ? "quicv2 iv" : "quic iv");
  header_key = expand<16>(client, is_second ? "quicv2 hp" : "quic hp");
}

std::optional<Bytes> open_initial(const InitialKeys& keys, Bytes packet, size_t number_at,
                                  std::span<uint8_t> target) {
  constexpr size_t header_max = 1024;  // a token may be long; real ones are not so long
  size_t behind = number_at + kSampleAt + 16;
  if (packet.size() < behind || number_at + kNumberMax > header_max) return std::nullopt;
  Ciphers& with = ciphers();
  std::array<uint8_t, 16> mask;
  Bytes sample = packet.subspan(number_at + kSampleAt, 16);
  if (!with.ok || !header_mask(with.block.get(), keys, sample, mask)) return std::nullopt;

  std::array<uint8_t, header_max> header;
  std::memcpy(header.data(), packet.data(), number_at + kNumberMax);
  header[0] = static_cast<uint8_t>(header[0] ^ (mask[0] & 0x0f));
  size_t number_size = (header[0] & 3) + size_t{1};
  std::array<uint8_t, 12> nonce = keys.iv;
  for (size_t i = 0; i < number_size; ++i) {
    uint8_t& octet = header[number_at + i];
    octet = static_cast<uint8_t>(octet ^ mask[1 + i]);
    uint8_t& part = nonce[nonce.size() - number_size + i];
    part = static_cast<uint8_t>(part ^ octet);
  }

  size_t header_size = number_at + number_size;
  Bytes sealed = packet.subspan(header_size, packet.size() - header_size - kTagSize);
  std::array<uint8_t, kTagSize> tag;
  std::ranges::copy(packet.last(kTagSize), tag.begin());
  if (sealed.size() > target.size()) return std::nullopt;
  EVP_CIPHER_CTX* gcm = with.packet.get();
  int size = 0;
  bool is_genuine =
      EVP_DecryptInit_ex(gcm, nullptr, nullptr, keys.key.data(), nonce.data()) == 1 &&
      EVP_DecryptUpdate(gcm, nullptr, &size, header.data(), static_cast<int>(header_size)) == 1 &&
      EVP_DecryptUpdate(gcm, target.data(), &size, sealed.data(),
                        static_cast<int>(sealed.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_AEAD_SET_TAG, kTagSize, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(gcm, target.data() + sealed.size(), &size) == 1;
  if (!is_genuine) return std::nullopt;
  return Bytes(target.first(sealed.size()));
}

}  // namespace tapwarden
