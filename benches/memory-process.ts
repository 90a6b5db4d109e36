// Opens and seals as often as the argument says, and prints what that leaves behind.
import { soak } from './soak.ts'

process.stdout.write(JSON.stringify(await soak(Number(process.argv[2]))))
