-- Rules and alerts name fields as domain/field_name.hpp has it: what was a plain character of a key is escaped.
UPDATE alert_rules SET field = replace(replace(replace(replace(field, '\', '\\'), ',', '\,'), '[', '\['), ']', '\]')
    WHERE kind = 0;
UPDATE alerts SET subject = replace(replace(replace(replace(subject, '\', '\\'), ',', '\,'), '[', '\['), ']', '\]')
    WHERE kind = 0;
