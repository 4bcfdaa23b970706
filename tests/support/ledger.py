# SPDX-License-Identifier: Apache-2.0
"""The station's own books, read from its tables by other means than its code: what a consumer must arrive at from the events
alone (erp.py)."""
import re

CONFIRMED = "('labelled', 'done', 'released', 'destroyed')"  # the label is on it, or it was put away without
UNIT_REFUNDS = f"""SELECT key_lpn || '/outcome/' || outcomes AS key, unit_id, unit.rma AS rma, unit.line AS line,
 unit_price * unit.qty AS base FROM unit JOIN rma_line ON rma_line.rma = unit.rma AND rma_line.line = unit.line
 WHERE outcomes > 0 AND unit.state IN {CONFIRMED}"""
RECEIPT_REFUNDS = """SELECT rma || '/receipt' AS key, 0 AS unit_id, rma, NULL AS line, sum(unit_price * qty) AS base
 FROM rma_progress JOIN rma_line USING(rma) WHERE receipt_recommended = 1 GROUP BY rma"""
PERSONAL = re.compile(r"CANARY|[\w.+-]+@[\w-]+\.\w+|\"(customer_name|address|street|email|phone)\"")  # CANARY: tests/golden/outside.c


def stock(station):
    """Pieces by (sku, place)."""
    rows = station.execute("SELECT sku, CASE WHEN container <> '' THEN container ELSE location END || '/' || status, sum(qty)"
                           " FROM unit WHERE status <> 'none' GROUP BY 1, 2")
    return {(sku, where): count for sku, where, count in rows}


# What is due: nothing for what is not accepted, or was paid before; of that what was paid too much is taken back.
AMOUNTS = f"""SELECT key, refund.rma, refund.line, base,
 CASE WHEN verdict = 'accepted' AND NOT paid THEN base - min(base, fees) ELSE 0 END AS amount,
 CASE WHEN NOT paid THEN 0 WHEN verdict = 'rejected' THEN base WHEN verdict = 'accepted' THEN min(base, fees) ELSE 0 END AS adjust
 FROM (SELECT r.*, unit.verdict, (SELECT coalesce(sum(amount), 0) FROM rma_fee WHERE rma_fee.unit_id = r.unit_id) AS fees,
  already_refunded OR refund_timing = 'immediate' OR coalesce((SELECT receipt_recommended FROM rma_progress p
  WHERE p.rma = r.rma), 0) AS paid FROM ({UNIT_REFUNDS}) r JOIN unit USING(unit_id) JOIN rma ON rma.rma = r.rma) refund"""


def refunds(station):
    """{key: (rma, line, base, amount, adjust)} of what is to be recommended: units whose label is on them, and returns paid at
    receipt."""
    rows = station.execute(f"{AMOUNTS} UNION ALL SELECT key, rma, line, base, base, 0 FROM ({RECEIPT_REFUNDS})")
    return {key: tuple(rest) for key, *rest in rows}


def fees(station):
    """[(rma, key, fee, amount)], sorted."""
    return sorted(station.execute(f"SELECT rma_fee.rma, key, fee, amount FROM rma_fee JOIN ({UNIT_REFUNDS}) USING(unit_id)"))


def completed(station):
    return {rma for rma, in station.execute("SELECT rma FROM rma_progress WHERE completed = 1")}


def mails(station):
    """{(rma, line, step): count} by the state that everything is in; line None = of the parcel or the whole return."""
    rows = station.execute(f"""
SELECT rma, line, step, count(*) FROM (
 SELECT rma, NULL AS line, 'received' AS step FROM (SELECT parcel_id, rma FROM parcel WHERE rma <> '' AND state NOT IN ('expected', 'lost')
  UNION SELECT parcel_id, parcel_rma.rma FROM parcel_rma JOIN parcel USING(parcel_id) WHERE state NOT IN ('expected', 'lost'))
 UNION ALL SELECT rma, NULL, 'held' FROM parcel WHERE rma <> '' AND state NOT IN ('expected', 'lost') AND parcel_id IN
  (SELECT parcel_id FROM journal WHERE message LIKE 'parcel.held%' OR message LIKE 'erp.parcel%held%')
 UNION ALL SELECT rma, line, 'inspected' FROM unit WHERE rma <> '' AND state <> 'void' AND graded_at > 0
 UNION ALL SELECT rma, line, verdict FROM unit WHERE rma <> '' AND state <> 'void' AND verdict IN ('accepted', 'rejected')
 UNION ALL SELECT unit.rma, unit.line, 'refund_recommended' FROM ({UNIT_REFUNDS}) JOIN unit USING(unit_id) JOIN rma ON rma.rma = unit.rma
  WHERE verdict = 'accepted' AND NOT already_refunded AND refund_timing <> 'immediate' AND rma.outcome <> 'none'
 UNION ALL SELECT rma, NULL, 'refund_recommended' FROM ({RECEIPT_REFUNDS})) GROUP BY 1, 2, 3""")
    return {(rma, line or None, step): count for rma, line, step, count in rows}


def personal(station):
    """Values in any table that are about a person, as texts."""
    tables = [name for name, in station.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    for table in tables:
        for row in station.execute(f'SELECT * FROM "{table}"'):
            for value in row:
                text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                if PERSONAL.search(text):
                    yield f"{table}: {PERSONAL.search(text).group()} in {text[:200]}"
