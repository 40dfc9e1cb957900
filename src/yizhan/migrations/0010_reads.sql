-- Reads of a large house (owner: desk/views): opening a ticket asks for those merged into it.
CREATE INDEX ticket_merged ON ticket (merged_into) WHERE merged_into IS NOT NULL;
