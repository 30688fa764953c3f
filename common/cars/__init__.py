"""Cars: number plates, VINs, the rows of vehicles and what was ordered for them. It knows no orders being served."""
