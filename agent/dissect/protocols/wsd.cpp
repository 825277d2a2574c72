// SPDX-License-Identifier: Apache-2.0
// WS-Discovery (OASIS WS-Discovery 1.1 and its draft of 2005) as cameras and printers use it: SOAP
// over UDP. Hello and the matches that answer a question describe their sender, with ONVIF's scopes
// (ONVIF Core, section 7.3.2.2) where it is a camera; questions and goodbyes describe nobody.
#include <algorithm>

#include "dissect/dissectors.hpp"
#include "dissect/xml_scan.hpp"

namespace tapwarden::protocols {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kScope = "onvif://";
constexpr int kWordsMax = 64;

std::string_view next_word(std::string_view& list) {
  list.remove_prefix(std::min(list.find_first_not_of(kBlanks), list.size()));
  std::string_view word = list.substr(0, list.find_first_of(kBlanks));
  list.remove_prefix(word.size());
  return word;
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = static_cast<char>(c | 0x20);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

using Scope = DecodedText<Observation::text_max>;

/// The URI with its percent-encoding undone (RFC 3986, section 2.1).
Scope decoded(std::string_view uri) {
  Scope scope;
  for (size_t i = 0; i < uri.size() && !scope.full(); ++i) {
    int high = uri[i] == '%' && i + 2 < uri.size() ? digit(uri[i + 1]) : -1;
    int low = high >= 0 ? digit(uri[i + 2]) : -1;
    if (low >= 0) i += 2;
    scope.append(low >= 0 ? static_cast<char>(high << 4 | low) : uri[i]);
  }
  return scope;
}

/// What stands behind "onvif://<authority>/<category>/"; nothing in another category.
std::string_view within(std::string_view scope, std::string_view category) {
  if (!scope.starts_with(kScope)) return {};
  scope.remove_prefix(kScope.size());
  scope.remove_prefix(std::min(scope.find('/'), scope.size()));
  if (scope.size() < category.size() + 2 || scope.substr(1, category.size()) != category ||
      scope[category.size() + 1] != '/') {
    return {};
  }
  return scope.substr(category.size() + 2);
}

bool is_description(const XmlScan& xml) {
  return xml.root() == "Envelope" && (xml.parent() == "Hello" || xml.parent() == "ProbeMatch" ||
                                      xml.parent() == "ResolveMatch");
}

/// The address that a scope tells: it stands behind others, so it is looked up first.
Mac own_mac(std::string_view document) {
  for (XmlScan xml(document); xml.next();) {
    if (!is_description(xml) || xml.name() != "Scopes") continue;
    std::string_view list = xml.text();
    for (int i = 0; i < kWordsMax; ++i) {
      std::optional<Mac> mac = parse_mac(within(decoded(next_word(list)).view(), "MAC"));
      if (mac && *mac && !mac->is_group()) return *mac;
    }
  }
  return {};
}

void scopes(std::string_view list, Emit& emit) {
  for (int i = 0; i < kWordsMax; ++i) {
    Scope scope = decoded(next_word(list));
    if (!scope.view().starts_with(kScope)) continue;
    emit.text(Field::onvif_scope, scope.view());
    emit.text(Field::model, within(scope.view(), "hardware"));
    emit.text(Field::device_name, within(scope.view(), "name"));
  }
}

void types(std::string_view list, Emit& emit) {
  for (int i = 0; i < kWordsMax; ++i) {
    std::string_view type = next_word(list);
    emit.text(Field::service_name, type.substr(type.find(':') + 1));  // npos + 1 is 0
  }
}

void addresses(std::string_view list, Emit& emit) {
  for (int i = 0; i < kWordsMax; ++i) emit.text(Field::location_url, next_word(list));
}

}  // namespace

void wsd(const Packet& packet, Reader& reader, Emit& emit) {
  std::string_view document = as_text(reader.take_rest());
  if (!document.starts_with('<') && !document.starts_with("\xef\xbb\xbf<")) return;
  Mac mac = own_mac(document);
  if (mac) emit.about(mac, packet.source_ip);
  emit.mac(Field::device_mac, mac);
  XmlScan xml(document);
  while (xml.next()) {
    if (!is_description(xml)) continue;
    if (xml.name() == "Types") types(xml.text(), emit);
    if (xml.name() == "Scopes") scopes(xml.text(), emit);
    if (xml.name() == "XAddrs") addresses(xml.text(), emit);
  }
  if (!xml.ok() && xml.root() == "Envelope") emit.malformed();
}

}  // namespace tapwarden::protocols
