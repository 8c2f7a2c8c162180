"""Writing manual cases: applied for, allocated, proposed and decided."""
