// SPDX-License-Identifier: Apache-2.0
// Documents in which a device says what it is: UPnP device descriptions (UPnP Device Architecture
// 2.0, section 2.3), CWMP Inform (BBF TR-069, annex A) and ONVIF GetDeviceInformationResponse
// (ONVIF Core). They are known by their elements' places, so that a text that mentions a maker is
// none. Of any other document of a server the namespace is told.
#pragma once

#include <cstdint>
#include <string_view>

#include "dissect/emit.hpp"

namespace tapwarden {

enum class Author : uint8_t { server, client };

enum class Reading : uint8_t {
  other,    ///< none of these documents
  unclear,  ///< too little to tell
  whole,
  broken,  ///< one of these, which breaks off before its end
};

/// Emits what the document says of its author, the packet's sender.
Reading device_document(std::string_view document, Author author, Emit& emit);

}  // namespace tapwarden
