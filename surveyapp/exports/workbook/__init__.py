"""The .xlsx workbook: figures by theme with charts, returns, comments, the case grid and the codebook."""
