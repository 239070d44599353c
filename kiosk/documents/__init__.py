"""Papers and certificates (材料, 证照): pages scanned under the camera, certificates printed, codes checked."""
