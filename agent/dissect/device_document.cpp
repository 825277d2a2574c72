// SPDX-License-Identifier: Apache-2.0
#include "dissect/device_document.hpp"

#include <optional>

#include "dissect/xml_scan.hpp"

namespace tapwarden {

namespace {

constexpr size_t kTelling = 1024;  // a document shows its root element within so many octets

struct Tag {
  std::string_view name;
  Field field;
};

constexpr Tag kDevice[] = {
    {"friendlyName", Field::friendly_name},
    {"manufacturer", Field::manufacturer},
    {"modelName", Field::model},
    {"modelNumber", Field::model_number},
    {"modelDescription", Field::model_description},
    {"serialNumber", Field::serial},
    {"UDN", Field::udn},
};

constexpr Tag kDeviceId[] = {
    {"Manufacturer", Field::manufacturer},
    {"OUI", Field::organization_oui},
    {"ProductClass", Field::product_class},
    {"SerialNumber", Field::serial},
};

constexpr Tag kEvent[] = {{"CommandKey", Field::command_key}};

constexpr Tag kInformation[] = {
    {"Manufacturer", Field::manufacturer},        {"Model", Field::model},
    {"FirmwareVersion", Field::software_version}, {"SerialNumber", Field::serial},
    {"HardwareId", Field::hardware_revision},
};

// Behind "Device." or "InternetGatewayDevice.".
constexpr Tag kParameters[] = {
    {"Device.DeviceInfo.SoftwareVersion", Field::software_version},
    {"Device.DeviceInfo.HardwareVersion", Field::hardware_revision},
    {"Device.DeviceInfo.ModelName", Field::model},
};

template <size_t Size>
void emit_tag(const Tag (&tags)[Size], const XmlScan& xml, Emit& emit) {
  for (const Tag& tag : tags) {
    if (xml.name() == tag.name) emit.text(tag.field, xml.text());
  }
}

Reading end_of(const XmlScan& xml) { return xml.ok() ? Reading::whole : Reading::broken; }

/// Of the root device only: embedded devices are deeper.
Reading description(std::string_view document, Emit& emit) {
  XmlScan xml(document);
  while (xml.next()) {
    if (xml.depth() == 3 && xml.ancestor(2) == "device") emit_tag(kDevice, xml, emit);
  }
  return end_of(xml);
}

/// The element that an envelope's body holds; empty while still in its header.
std::string_view call(const XmlScan& xml) {
  if (xml.ancestor(2) != "Body") return {};
  return xml.depth() == 3 ? xml.name() : xml.ancestor(3);
}

Reading information(std::string_view document, Emit& emit) {
  XmlScan xml(document);
  while (xml.next()) {
    std::string_view response = call(xml);
    if (!response.empty() && response != "GetDeviceInformationResponse") return Reading::other;
    if (!response.empty() && xml.depth() == 4) emit_tag(kInformation, xml, emit);
  }
  return end_of(xml);
}

std::optional<Field> parameter(std::string_view name) {
  for (const Tag& tag : kParameters) {
    bool is_whole = name == tag.name;
    if (is_whole || (name.starts_with("InternetGateway") && name.substr(15) == tag.name))
      return tag.field;
  }
  return std::nullopt;
}

Reading inform(std::string_view document, Emit& emit) {
  XmlScan xml(document);
  std::optional<Field> wanted;
  while (xml.next()) {
    std::string_view request = call(xml);
    if (!request.empty() && request != "Inform") return Reading::other;
    if (request.empty()) continue;
    if (xml.depth() == 5 && xml.parent() == "DeviceId") emit_tag(kDeviceId, xml, emit);
    if (xml.depth() == 6 && xml.parent() == "EventStruct") emit_tag(kEvent, xml, emit);
    if (xml.depth() != 6 || xml.parent() != "ParameterValueStruct") continue;
    if (xml.name() == "Name") wanted = parameter(xml.text());
    if (xml.name() == "Value" && wanted) emit.text(*wanted, xml.text());
    if (xml.name() == "Value") wanted.reset();
  }
  return end_of(xml);
}

/// A server's own kind of document shows its maker by the namespace of its elements.
Reading of_another_kind(std::string_view head, Emit& emit) {
  constexpr std::string_view attribute = " xmlns=\"";
  size_t begin = head.find(attribute);
  if (begin == std::string_view::npos) return Reading::other;
  std::string_view value = head.substr(begin + attribute.size());
  size_t end = value.find('"');
  if (end != std::string_view::npos) emit.text(Field::xml_namespace, value.substr(0, end));
  return Reading::other;
}

}  // namespace

Reading device_document(std::string_view document, Author author, Emit& emit) {
  XmlScan xml(document);
  bool has_element = xml.next();
  bool is_server = author == Author::server;
  std::string_view head = document.substr(0, kTelling);
  bool is_short = !has_element && head.size() < kTelling;
  if (xml.root().empty()) return is_short ? Reading::unclear : Reading::other;
  if (xml.root() == "Envelope")
    return is_server ? information(document, emit) : inform(document, emit);
  if (!is_server) return Reading::other;
  if (xml.root() != "root") return of_another_kind(head, emit);
  bool is_upnp = head.find("urn:schemas-upnp-org:device-1-") != std::string_view::npos;
  if (is_upnp) return description(document, emit);
  return is_short ? Reading::unclear : Reading::other;
}

}  // namespace tapwarden
