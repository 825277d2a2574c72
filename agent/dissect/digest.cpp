// SPDX-License-Identifier: Apache-2.0
#include "dissect/digest.hpp"

// Only the old interface keeps its state where the caller says; the new one allocates it.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/md5.h>
#include <openssl/sha.h>

namespace tapwarden {

namespace {

SHA256_CTX* context(std::array<std::byte, 112>& state) {
  static_assert(sizeof(SHA256_CTX) <= 112 && alignof(SHA256_CTX) <= 8);
  return reinterpret_cast<SHA256_CTX*>(state.data());
}

}  // namespace

Sha256::Sha256() { SHA256_Init(context(state_)); }

Sha256& Sha256::add(Bytes octets) {
  SHA256_Update(context(state_), octets.data(), octets.size());
  return *this;
}

std::array<uint8_t, Sha256::size> Sha256::digest() {
  std::array<uint8_t, size> digest;
  SHA256_Final(digest.data(), context(state_));
  return digest;
}

std::array<uint8_t, 16> md5(Bytes octets) {
  std::array<uint8_t, 16> digest;
  MD5_CTX state;
  MD5_Init(&state);
  MD5_Update(&state, octets.data(), octets.size());
  MD5_Final(digest.data(), &state);
  return digest;
}

}  // namespace tapwarden
