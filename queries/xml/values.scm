; Elements and attributes become keys, what stands in them becomes values.
(document) @value.document
(element) @value.element
(content) @value.content
(STag) @value.tag
(EmptyElemTag) @value.tag
(Name) @value.name
(AttValue) @string.attribute
(CharData) @string.text
(CData) @string.text
(CDSect) @string.section
(EntityRef) @string.reference
(CharRef) @string.reference
(Attribute) @entry.attribute
