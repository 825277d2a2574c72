// SPDX-License-Identifier: Apache-2.0
// What Recog's names for matched texts are among our fields, and how our texts are put so that its
// patterns fit them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/protocol.hpp"

namespace tapwarden {

/// How a text that we observe stands to the one that Recog matches.
enum class RecogForm : uint8_t {
  same,
  after_version,  ///< of an SSH identification only the software's part
  after_code,     ///< of a reply only what stands behind its number
  after_status,   ///< of an IMAP or POP3 greeting only what stands behind its status
  challenge,      ///< a realm alone, where Recog has the whole header
  name_parts,     ///< a distinguished name with blanks behind its commas, where Recog has none
};

struct RecogField {
  std::string_view matches;  ///< Recog's name for it
  std::string_view file;     ///< the name of its file, which counts where the file does not say
  Protocol protocol;
  Field field;
  RecogForm form = RecogForm::same;
  bool by_line = false;  ///< we observe line by line what Recog matches whole
};

/// All that stand for `matches`: more than one where the same text travels in several protocols.
std::vector<RecogField> recog_fields(std::string_view matches);

/// The text as Recog's patterns expect it.
std::string in_recog_form(RecogForm form, std::string_view text);

}  // namespace tapwarden
