"""The audit log: what this terminal did, line by line, each chained to all before it by its hash (docs/audit.md)."""

from contract.audit_events import Event
from offline_cache.audit.log import AuditLog, note

__all__ = ["AuditLog", "Event", "note"]
