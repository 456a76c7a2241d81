import java.nio.file.*;
import java.util.*;
import javax.smartcardio.ATR;

/** javax.smartcardio.ATR over a file of ATRs: the least of many rounds. */
class Javax {
    public static void main(String[] arguments) throws Exception {
        List<byte[]> atrs = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            atrs.add(HexFormat.of().parseHex(line.strip()));
        }
        byte[][] all = atrs.toArray(new byte[0][]);
        long least = Long.MAX_VALUE;
        long sum = 0;
        for (int round = 0; round < 4000; round++) {
            long start = System.nanoTime();
            for (byte[] atr : all) {
                sum += new ATR(atr).getHistoricalBytes().length;
            }
            least = Math.min(least, System.nanoTime() - start);
        }
        System.out.printf(Locale.ROOT, "javax.smartcardio.ATR, new and getHistoricalBytes, JDK %s\t%.1f%n",
            Runtime.version().feature(), (double) least / all.length);
        if (sum == 0) System.exit(1);
    }
}
