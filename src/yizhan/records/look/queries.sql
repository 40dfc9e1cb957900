-- name: look()
-- How the house looks; nothing where nobody said so.
SELECT color, logo, version FROM house_look;

-- name: change(color, logo, version)
-- Another look, over the version that was read.
INSERT INTO house_look AS h (color, logo) SELECT $1, $2 WHERE $3 = 0 OR EXISTS (SELECT FROM house_look)
ON CONFLICT (one) DO UPDATE SET color = excluded.color, logo = excluded.logo, version = h.version + 1
  WHERE h.version = $3
RETURNING color, logo, version;
