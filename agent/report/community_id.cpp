// SPDX-License-Identifier: Apache-2.0
#include "report/community_id.hpp"

#include <openssl/evp.h>

#include <tuple>
#include <vector>

namespace tapwarden {

namespace {

void add(std::vector<uint8_t>& octets, uint16_t number) {
  octets.push_back(static_cast<uint8_t>(number >> 8));
  octets.push_back(static_cast<uint8_t>(number));
}

void add(std::vector<uint8_t>& octets, const IpAddress& ip) {
  octets.insert(octets.end(), ip.octets().begin(), ip.octets().end());
}

/// The end whose address, and then whose port, is the smaller comes first.
Flow in_order(const Flow& flow) {
  if (std::tie(flow.source, flow.source_port) <= std::tie(flow.target, flow.target_port))
    return flow;
  return {flow.target, flow.source, flow.target_port, flow.source_port, flow.ip_protocol};
}

}  // namespace

std::string community_id(const Flow& flow, uint16_t seed) {
  if (!flow) return {};
  Flow ordered = in_order(flow);
  std::vector<uint8_t> octets;
  add(octets, seed);
  add(octets, ordered.source);
  add(octets, ordered.target);
  octets.push_back(flow.ip_protocol);
  octets.push_back(0);
  add(octets, ordered.source_port);
  add(octets, ordered.target_port);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (EVP_Digest(octets.data(), octets.size(), digest, &size, EVP_sha1(), nullptr) != 1) return {};
  unsigned char text[4 * ((EVP_MAX_MD_SIZE + 2) / 3) + 1];
  int length = EVP_EncodeBlock(text, digest, static_cast<int>(size));
  return "1:" + std::string(reinterpret_cast<const char*>(text), static_cast<size_t>(length));
}

}  // namespace tapwarden
